// StyleModels
