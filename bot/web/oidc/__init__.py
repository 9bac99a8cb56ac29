"""Single sign-on by OpenID Connect: who may vouch for somebody, how they are asked, and whose account it is."""
