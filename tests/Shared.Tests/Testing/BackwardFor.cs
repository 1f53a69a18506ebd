using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>Pieces from the last to the first: what depends on their order differs from what comes of <see cref="SerialFor"/>.</summary>
sealed class BackwardFor : IParallelFor
{
    public static readonly BackwardFor Instance = new();

    BackwardFor()
    {
    }

    public int Degree => 3;

    public void Run(int count, Action<int> body)
    {
        for (var i = count - 1; i >= 0; i--) body(i);
    }
}
