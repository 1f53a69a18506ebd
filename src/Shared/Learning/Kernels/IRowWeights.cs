namespace DistTrain.Learning.Kernels;

/// <summary>What is known of the weights of a step's rows.</summary>
interface IRowWeights
{
    /// <summary>Whether every weight is 1.</summary>
    static abstract bool AreOnes { get; }
}

/// <summary>Every row has weight 1, which nothing needs to be multiplied by.</summary>
readonly struct AllOnes : IRowWeights
{
    public static bool AreOnes => true;
}

/// <summary>Any weights, 0 among them.</summary>
readonly struct AnyWeights : IRowWeights
{
    public static bool AreOnes => false;
}
