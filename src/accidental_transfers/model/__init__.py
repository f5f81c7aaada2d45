"""How people pay: pure, without a clock, without input or output."""
