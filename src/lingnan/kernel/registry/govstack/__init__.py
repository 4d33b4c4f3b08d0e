"""GovStack's interface of a digital registry (Data API 1.3.0) onto the registers of the node."""
