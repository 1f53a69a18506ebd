using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Data.Direct;

/// <summary>The last piece first.</summary>
sealed class BackwardsFor : IParallelFor
{
    public static readonly BackwardsFor Instance = new();

    public int Degree => 1;

    public void Run(int count, Action<int> body)
    {
        for (var i = count - 1; i >= 0; i--) body(i);
    }
}
