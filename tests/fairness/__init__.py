"""What a broker gains by speed: with a draw, and with seats that return to the public at once; on real tables."""
