// ForeignWeights
