"""What programs may do: the same as the commands, over HTTP, with a token. No rule of the campaigns stands in here."""
