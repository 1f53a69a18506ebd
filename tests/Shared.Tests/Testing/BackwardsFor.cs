using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>The last piece first: what depends on the order of pieces comes out otherwise.</summary>
sealed class BackwardsFor : IParallelFor
{
    public int Degree => 7;

    public void Run(int count, Action<int> body)
    {
        for (var i = count - 1; i >= 0; i--) body(i);
    }
}
