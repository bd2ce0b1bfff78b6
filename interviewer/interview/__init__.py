"""The interview: plan, ledger, policy, speaker, session."""
