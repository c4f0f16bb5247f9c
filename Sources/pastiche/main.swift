print("pastiche")
