"""What `benchmarks/speed.py` is made of: the corpus, the queries, the measurements, the table and the picture."""
