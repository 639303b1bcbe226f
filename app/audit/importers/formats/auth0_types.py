"""Auth0's codes of log types: what each means, as an action and its outcome.

After Auth0's reference, "Log event type codes". Codes that are not here become `auth0.<code>`.
"""

from app.audit.importers.outcomes import outcome_of

_SIGN_IN, _SIGN_UP, _PASSWORD = "sign_in", "sign_up", "password.change"
_EXCHANGE, _API, _DELETION = "token.exchange", "management_api.call", "user.delete"

TYPES: dict[str, tuple[str, str]] = {
    "s": (_SIGN_IN, "success"),
    "f": (_SIGN_IN, "failure"),
    "fp": (_SIGN_IN, "failure"),
    "fu": (_SIGN_IN, "failure"),
    "fc": (_SIGN_IN, "failure"),
    "fco": (_SIGN_IN, "denied"),
    "w": (f"{_SIGN_IN}.warning", "success"),
    "ss": (_SIGN_UP, "success"),
    "fs": (_SIGN_UP, "failure"),
    "slo": ("sign_out", "success"),
    "flo": ("sign_out", "failure"),
    "ssa": (f"{_SIGN_IN}.silent", "success"),
    "fsa": (f"{_SIGN_IN}.silent", "failure"),
    "scoa": (f"{_SIGN_IN}.cross_origin", "success"),
    "fcoa": (f"{_SIGN_IN}.cross_origin", "failure"),
    "scp": (_PASSWORD, "success"),
    "fcp": (_PASSWORD, "failure"),
    "scpr": (f"{_PASSWORD}_request", "success"),
    "fcpr": (f"{_PASSWORD}_request", "failure"),
    "sce": ("email.change", "success"),
    "fce": ("email.change", "failure"),
    "scu": ("username.change", "success"),
    "fcu": ("username.change", "failure"),
    "scpn": ("phone_number.change", "success"),
    "fcpn": ("phone_number.change", "failure"),
    "sv": ("email.verify", "success"),
    "fv": ("email.verify", "failure"),
    "svr": ("email.verify_request", "success"),
    "fvr": ("email.verify_request", "failure"),
    "seacft": (_EXCHANGE, "success"),
    "feacft": (_EXCHANGE, "failure"),
    "seccft": (f"{_EXCHANGE}.client_credentials", "success"),
    "feccft": (f"{_EXCHANGE}.client_credentials", "failure"),
    "sepft": (f"{_EXCHANGE}.password", "success"),
    "fepft": (f"{_EXCHANGE}.password", "failure"),
    "sertft": (f"{_EXCHANGE}.refresh", "success"),
    "fertft": (f"{_EXCHANGE}.refresh", "failure"),
    "sapi": (_API, "success"),
    "fapi": (_API, "failure"),
    "mgmt_api_read": ("management_api.read", "success"),
    "sdu": (_DELETION, "success"),
    "fdu": (_DELETION, "failure"),
    "du": (_DELETION, "success"),
    "sd": ("delegation", "success"),
    "fd": ("delegation", "failure"),
    "cs": ("code.send", "success"),
    "cls": ("code.send", "success"),
    "fn": ("notification.send", "failure"),
    "limit_wc": ("account.block", "denied"),
    "limit_ui": ("userinfo.limit", "denied"),
    "limit_mu": ("address.block", "denied"),
    "limit_sul": ("user.limit", "denied"),
    "limit_delegation": ("delegation.limit", "denied"),
    "api_limit": ("api.limit", "denied"),
    "pwd_leak": ("breached_password.block", "denied"),
    "signup_pwd_leak": ("breached_password.block", "denied"),
    "reset_pwd_leak": ("breached_password.block", "denied"),
    "ublkdu": ("user.unblock", "success"),
    "gd_auth_succeed": ("mfa.verify", "success"),
    "gd_auth_failed": ("mfa.verify", "failure"),
    "gd_auth_rejected": ("mfa.verify", "denied"),
    "gd_enrollment_complete": ("mfa.enrol", "success"),
    "gd_unenroll": ("mfa.unenrol", "success"),
    "gd_send_sms": ("mfa.send", "success"),
    "gd_send_pn": ("mfa.send", "success"),
    "gd_otp_rate_limit_exceed": ("mfa.limit", "denied"),
    "mfar": ("mfa.require", "success"),
    "depnote": ("deprecation.notice", "success"),
}


def meaning_of(code: str) -> tuple[str, str]:
    """Return the action, without the name of the system, and the outcome of a code."""
    known = TYPES.get(code)
    return known or (code, outcome_of(code) or "success")
