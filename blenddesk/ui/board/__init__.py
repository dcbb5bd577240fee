"""What the class sees on the wall: one round, big and calm."""
