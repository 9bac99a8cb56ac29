"""Who there is, for those who look after the lists: found, read whole, mended, handed out. Joining and erasing stand apart."""
