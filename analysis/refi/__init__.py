"""What codebooks (.qdc) and projects (.qdpx) of REFI-QDA 1.5 share: XML, names of things (GUIDs), colours.

REFI-QDA is how NVivo, ATLAS.ti, MAXQDA, QualCoder and others hand work to one another: https://www.qdasoftware.org.
"""
