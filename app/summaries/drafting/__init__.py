"""From a question to claims that were checked: digest, call, verdicts, one repair round."""
