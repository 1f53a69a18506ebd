using DistTrain.Learning;

namespace DistTrain.Node;

/// <summary>The self-test hash of this process, computed once: it travels with joining requests and must be the coordinator's.</summary>
/// <remarks>It compiles and runs every kernel: a tenth of a second, which a run on small data spends only if it saves a checkpoint.</remarks>
public static class NodeArithmetic
{
    /// <summary>Stands for the hash between coordinator and workers of one process: they run the same code on the same processor.</summary>
    public const string OfSameProcess = "same-process";

    static readonly Lazy<string> Computed = new(ArithmeticSelfTest.Hash);

    public static string Hash => Computed.Value;
}
