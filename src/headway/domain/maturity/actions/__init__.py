"""Every write of maturity."""

from headway.domain.maturity.actions.attesting import attest, withdraw_attestation

__all__ = ["attest", "withdraw_attestation"]
