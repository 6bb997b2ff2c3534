"""Small programs that stand where web, worker, clock and the steps of a start stand."""
