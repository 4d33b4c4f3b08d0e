"""Who is identified by the register of another node; found by name (`trust.acting.registers`)."""

from lingnan.kernel.exchange.introducing.asking import identified

__all__ = ["identified"]
