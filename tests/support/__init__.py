"""What tests share: databases, worlds of two tenants, clients that check every page."""
