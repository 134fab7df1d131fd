"""Information of continuous variables: nearest neighbours, Gaussian and t copulas, all subsets of frames, the choice."""
