"""Does it hold as it is deployed: several processes, a worker, open pages, on PostgreSQL and Valkey?"""
