// StyleNetwork
