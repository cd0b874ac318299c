"""What lies outside of the contract: it is listed, and shows nobody what is not theirs."""
