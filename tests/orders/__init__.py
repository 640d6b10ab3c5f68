"""Random orders of holds, payments, deadlines, withdrawals and restarts: no receipt without exactly one outcome."""
