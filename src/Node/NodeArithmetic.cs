using DistTrain.Learning;

namespace DistTrain.Node;

/// <summary>The self-test hash of this process, computed once: it travels with joining requests and must be the coordinator's.</summary>
public static class NodeArithmetic
{
    static readonly Lazy<string> Computed = new(ArithmeticSelfTest.Hash);

    public static string Hash => Computed.Value;
}
