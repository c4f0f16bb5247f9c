// BatchStylizer
