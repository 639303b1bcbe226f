"""Records in the formats of other systems, written for these tests after their references."""

OKTA = {
    "uuid": "f0a6a3c2-0f6b-4c4e-9a52-1f0a2a6f5a10",
    "published": "2026-03-14T09:26:53.496Z",
    "eventType": "user.account.privilege.grant",
    "version": "0",
    "severity": "INFO",
    "legacyEventType": "core.user.admin_privilege.granted",
    "displayMessage": "Grant user privilege",
    "actor": {
        "id": "00u1ann",
        "type": "User",
        "alternateId": "ann@example.org",
        "displayName": "Ann Example",
    },
    "client": {
        "userAgent": {"rawUserAgent": "Mozilla/5.0", "os": "Linux", "browser": "FIREFOX"},
        "zone": "null",
        "device": "Computer",
        "ipAddress": "203.0.113.7",
        "geographicalContext": {"city": "Leiden", "country": "Netherlands"},
    },
    "authenticationContext": {"externalSessionId": "sess-1"},
    "outcome": {"result": "SUCCESS", "reason": "because"},
    "securityContext": {"asOrg": "example net", "isProxy": False},
    "debugContext": {
        "debugData": {
            "requestId": "req-1",
            "url": "/api/internal/administrators/00u2ben?",
            "privilegeGranted": "Super administrator",
            "threatSuspected": "false",
        }
    },
    "transaction": {"type": "WEB", "id": "tx-1", "detail": {}},
    "target": [
        {
            "id": "00u2ben",
            "type": "User",
            "alternateId": "ben@example.org",
            "displayName": "Ben Example",
            "changeDetails": {"from": {"role": "none"}, "to": {"role": "super"}},
        }
    ],
}

GITHUB = {
    "@timestamp": 1773480413496,
    "created_at": 1773480413496,
    "_document_id": "pWkQ7TnEXAMPLExyz",
    "action": "repo.access",
    "actor": "ann",
    "actor_id": 4711,
    "actor_ip": "203.0.113.7",
    "actor_is_bot": False,
    "actor_location": {"country_code": "NL"},
    "org": "alder",
    "org_id": 12,
    "repo": "alder/ledger",
    "repo_id": 34,
    "user": "ben",
    "user_id": 56,
    "operation_type": "modify",
    "visibility": "public",
    "previous_visibility": "private",
    "user_agent": "Mozilla/5.0",
    "request_id": "req-1",
    "programmatic_access_type": "OAuth access token",
    "external_identity_nameid": "ann@example.org",
    "status_code": 200,
    "hook_id": 9,
    "name": "deliveries",
}

GITHUB_WEBHOOK = {
    "action": "edited",
    "number": 7,
    "pull_request": {
        "id": 99,
        "node_id": "PR_99",
        "number": 7,
        "title": "Count again",
        "html_url": "https://git.example.org/alder/ledger/pull/7",
        "created_at": "2026-03-13T09:00:00Z",
        "updated_at": "2026-03-14T09:26:53Z",
        "state": "open",
    },
    "changes": {"title": {"from": "Count"}},
    "repository": {"id": 34, "full_name": "alder/ledger", "updated_at": "2020-01-01T00:00:00Z"},
    "organization": {"id": 12, "login": "alder"},
    "sender": {"login": "ann", "id": 4711, "type": "User"},
}

GITHUB_REPOSITORY = {
    "action": "archived",
    "repository": {"id": 34, "full_name": "alder/ledger", "updated_at": "2026-03-14T09:26:53Z"},
    "sender": {"login": "ann", "id": 4711, "type": "User"},
}

GITHUB_PUSH = {
    "ref": "refs/heads/main",
    "before": "a" * 40,
    "after": "b" * 40,
    "commits": [],
    "head_commit": None,
    "repository": {"id": 34, "full_name": "alder/ledger", "pushed_at": 1773480413},
    "sender": {"login": "ann", "id": 4711, "type": "User"},
}

GOOGLE = {
    "kind": "admin#reports#activity",
    "id": {
        "time": "2026-03-14T09:26:53.496Z",
        "uniqueQualifier": "-8123456789",
        "applicationName": "drive",
        "customerId": "C01example",
    },
    "actor": {"callerType": "USER", "email": "ann@example.org", "profileId": "1001"},
    "ownerDomain": "example.org",
    "ipAddress": "203.0.113.7",
    "events": [
        {
            "type": "acl_change",
            "name": "change_document_visibility",
            "parameters": [
                {"name": "primary_event", "boolValue": True},
                {"name": "doc_id", "value": "doc-1"},
                {"name": "doc_title", "value": "Ledger"},
                {"name": "old_visibility", "value": "private"},
                {"name": "visibility", "value": "people_with_link"},
            ],
        },
        {
            "type": "access",
            "name": "view",
            "parameters": [
                {"name": "doc_id", "value": "doc-1"},
                {"name": "doc_title", "value": "Ledger"},
            ],
        },
    ],
}

AUTH0 = {
    "log_id": "90020260314092653496000000000000000001223372036854775807",
    "date": "2026-03-14T09:26:53.496Z",
    "type": "sapi",
    "description": "Update a client",
    "client_id": "client-1",
    "client_name": "Console",
    "connection": "Username-Password",
    "connection_id": "con_1",
    "ip": "203.0.113.7",
    "user_agent": "Mozilla/5.0",
    "user_id": "auth0|1001",
    "user_name": "ann@example.org",
    "session_id": "sess-1",
    "hostname": "alder.auth.example",
    "strategy": "auth0",
    "audience": "https://api.example.org",
    "scope": "openid",
    "location_info": {"country_code": "NL"},
    "details": {
        "request": {
            "method": "patch",
            "path": "/api/v2/clients/client-2",
            "ip": "203.0.113.7",
            "body": {"name": "Portal"},
            "auth": {
                "user": {
                    "user_id": "auth0|1001",
                    "name": "Ann Example",
                    "email": "ann@example.org",
                }
            },
        },
        "response": {"statusCode": 200},
    },
}

SLACK = {
    "id": "0123a45b-6c7d-8900-e12f-3456789gh0i1",
    "date_create": 1773480413,
    "action": "user_channel_join",
    "actor": {
        "type": "user",
        "user": {"id": "W123AB456", "name": "Ann Example", "email": "ann@example.org"},
    },
    "entity": {
        "type": "channel",
        "channel": {"id": "C01", "name": "ledgers", "privacy": "public"},
    },
    "context": {
        "location": {"type": "workspace", "id": "T01", "name": "Alder", "domain": "alder"},
        "ua": "Mozilla/5.0",
        "ip_address": "203.0.113.7",
        "session_id": "847288190092",
    },
    "details": {"type": "USER"},
}

ONE_PASSWORD_AUDIT = {
    "uuid": "EVENTUUIDEXAMPLE1",
    "timestamp": "2026-03-14T09:26:53.496Z",
    "actor_uuid": "ACTORUUIDEXAMPLE",
    "actor_details": {
        "uuid": "ACTORUUIDEXAMPLE",
        "name": "Ann Example",
        "email": "ann@example.org",
    },
    "actor_type": "user",
    "account_uuid": "ACCOUNTEXAMPLE",
    "action": "join",
    "object_type": "gm",
    "object_uuid": "groupexample",
    "object_details": {"uuid": "groupexample", "name": "Keepers"},
    "aux_uuid": "BENUUIDEXAMPLE",
    "aux_details": {"uuid": "BENUUIDEXAMPLE", "name": "Ben Example", "email": "ben@example.org"},
    "aux_info": "A",
    "session": {"uuid": "SESSIONEXAMPLE", "ip": "203.0.113.7"},
    "location": {"country": "NL", "city": "Leiden"},
}

ONE_PASSWORD_SIGN_IN = {
    "uuid": "EVENTUUIDEXAMPLE2",
    "session_uuid": "SESSIONEXAMPLE",
    "timestamp": "2026-03-14T09:26:53Z",
    "category": "credentials_failed",
    "type": "password_secret_bad",
    "country": "NL",
    "target_user": {
        "uuid": "ACTORUUIDEXAMPLE",
        "name": "Ann Example",
        "email": "ann@example.org",
    },
    "client": {"app_name": "1Password Browser", "ip_address": "203.0.113.7", "os_name": "Linux"},
}

ONE_PASSWORD_USAGE = {
    "uuid": "EVENTUUIDEXAMPLE3",
    "timestamp": "2026-03-14T09:26:53Z",
    "used_version": 2,
    "vault_uuid": "vaultexample",
    "item_uuid": "itemexample",
    "action": "secure-copy",
    "user": {"uuid": "ACTORUUIDEXAMPLE", "name": "Ann Example", "email": "ann@example.org"},
    "client": {"app_name": "1Password", "ip_address": "203.0.113.7", "platform_name": "Firefox"},
}

OWN = {
    "occurred_at": "2026-03-14T09:26:53Z",
    "actor": {"type": "person", "id": "u-1", "name": "Ann Example"},
    "action": "door.opened",
}

CLOUDTRAIL = {
    "eventVersion": "1.08",
    "userIdentity": {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLE",
        "arn": "arn:aws:iam::111122223333:user/noor",
        "accountId": "111122223333",
        "accessKeyId": "ASIAEXAMPLE",
        "userName": "noor",
    },
    "eventTime": "2026-07-10T11:42:36Z",
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetObject",
    "sourceIPAddress": "198.51.100.4",
    "eventID": "293ba626-3be5-4a26-ab1b-0f4c54f49959",
}

BY_FORMAT = {
    "auth0": [AUTH0],
    "cloudtrail": [CLOUDTRAIL],
    "github": [GITHUB],
    "github_webhook": [GITHUB_WEBHOOK, GITHUB_REPOSITORY, GITHUB_PUSH],
    "google_workspace": [GOOGLE],
    "okta": [OKTA],
    "one_password": [ONE_PASSWORD_AUDIT, ONE_PASSWORD_SIGN_IN, ONE_PASSWORD_USAGE],
    "slack": [SLACK],
    "ndjson": [OWN],
}
