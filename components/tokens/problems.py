"""What is said when token files break the Design Tokens format, or a rule of ours."""

from collections.abc import Iterable

from components.lint.findings import Finding


class TokenError(ValueError):
    """The token files cannot be used; `findings` says for each breach where, what and how to mend.

    The rules, by name: token-file, token-format, resolver-format, resolver, override, alias,
    token-cap, css-name, hex, contrast-promise and deprecation.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(set(findings)))
        super().__init__("\n".join(str(finding) for finding in self.findings))


def refuse_if_any(findings: Iterable[Finding]) -> None:
    """Raise TokenError when there is a finding."""
    found = list(findings)
    if found:
        raise TokenError(found)
