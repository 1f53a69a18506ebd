using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DistTrain.Data.Storage;
using DistTrain.Learning.Kernels;
using DistTrain.Numerics;

namespace DistTrain.Bench.Kernels;

/// <summary>What memory gives an online pass at best: each nonzero's cache line read and written once, asked for ahead, and nothing else.</summary>
sealed unsafe class RandomLines
{
    const int LineNumbers = 8;
    const int LinesAhead = 32;
    const int Rounds = 5;

    readonly AlignedMemory<double> _lines;

    // Of the nonzeros of all rows, one after the other, and some behind them.
    readonly int[] _features;

    public RandomLines(Shard shard, int featureCount)
    {
        _lines = new AlignedMemory<double>(featureCount * LineNumbers);
        _features = new int[shard.Sparse.NonzeroCount + LinesAhead];
        var places = new int[shard.RowCount + 1];
        foreach (var row in shard.Sparse.Rows) places[row + 1]++;
        for (var row = 0; row < shard.RowCount; row++) places[row + 1] += places[row];
        foreach (var run in new SparseRuns(shard.Sparse))
        {
            foreach (var row in run.Rows) _features[places[row]++] = run.Feature;
        }
    }

    /// <summary>Seconds, the least of some rounds.</summary>
    public double Measure()
    {
        var least = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            Touch();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return least;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Touch()
    {
        var first = _lines.First;
        for (var i = 0; i < _features.Length - LinesAhead; i++)
        {
            if (Sse.IsSupported) Sse.Prefetch0(first + (nint)_features[i + LinesAhead] * LineNumbers);
            var own = first + (nint)_features[i] * LineNumbers;
            (Vector256.Load(own) + Vector256<double>.One).Store(own);
        }
    }
}
