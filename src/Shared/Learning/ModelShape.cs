namespace DistTrain.Learning;

/// <summary>K classes of D features, with one intercept per class.</summary>
public readonly record struct ModelShape(int ClassCount, int FeatureCount)
{
    /// <summary>Classes whose gradient is summed: class 0's is minus the sum of the others.</summary>
    public int FreeClassCount => ClassCount - 1;

    /// <summary>K·D + K.</summary>
    public int ParameterCount => checked(ClassCount * (FeatureCount + 1));
}
