"""The loops: interview, replay. They join the core to the ports and hold no rule of their own."""
