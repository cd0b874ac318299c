"""Does the backend route what the contract describes, and nothing else?"""
