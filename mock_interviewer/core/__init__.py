"""What the product knows: values in, values out; no clock, disk, device, network or randomness."""
