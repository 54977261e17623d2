"""Fast engines for large draws; each must give, byte for byte, what the core gives.

``two_phase`` holds the one SQL text and all checks; ``duckdb_engine``, ``postgres_engine`` and ``spark_engine`` lend it
a database each and need its driver installed.
"""
