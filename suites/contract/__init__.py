"""Is the contract sound, and does the backend say the same of itself?"""
