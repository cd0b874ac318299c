"""What runs inside Locust's own processes. Importing Locust patches the process, so nothing else imports this."""
