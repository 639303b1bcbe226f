"""The time zones that this machine knows, read from its disk once."""

import zoneinfo

TIME_ZONES = frozenset(zoneinfo.available_timezones())
