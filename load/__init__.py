"""Does it hold under load, and does it stay honest while it does?"""
