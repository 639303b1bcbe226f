"""Design tokens in the Design Tokens format 2025.10, and what turns them into CSS."""
