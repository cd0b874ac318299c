"""What does the backend make of requests that nobody thought of, from everybody at once?"""
