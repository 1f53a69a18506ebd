using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The features that occur in some rows, in the order of their first occurrence, and their gradient.</summary>
/// <param name="records">Whose marks tell a feature's place.</param>
sealed unsafe class OnlineBatch(OnlineRecords records)
{
    AlignedMemory<int> _features = new(0);
    AlignedMemory<double> _gradients = new(0);

    public int Count { get; private set; }

    /// <summary>[count].</summary>
    public int* Features => _features.First;

    /// <summary>[count][lanes].</summary>
    public double* Gradients => _gradients.First;

    public void Clear() => Count = 0;

    /// <summary>Room for as many more features; nothing that is kept moves until the next call.</summary>
    public void MakeRoom(int count)
    {
        if (Count + count <= _features.Length) return;
        var (features, gradients) = (_features, _gradients);
        _features = new AlignedMemory<int>(2 * (Count + count));
        _gradients = new AlignedMemory<double>(checked(2 * (Count + count) * records.LaneCount));
        features.Span[..Count].CopyTo(_features.Span);
        gradients.Span[..(Count * records.LaneCount)].CopyTo(_gradients.Span);
    }

    /// <summary>gradient += x · residuals for each nonzero's feature; there is room for all.</summary>
    /// <param name="residuals">[lanes].</param>
    [MethodImpl(Compilation.Full)]
    public void Add(OnlineNonzeros nonzeros, double* residuals)
    {
        var (lines, lanes, count) = (records.Lines, records.LaneCount, Count);
        int* features = Features;
        double* gradients = Gradients;
        for (var i = 0; i < nonzeros.Count; i++)
        {
            var (feature, value) = (nonzeros.Features[i], nonzeros.ValueAt(i));
            var marks = lines.MarksOf(lines.At(feature));
            var place = marks->Place;
            if ((uint)place < (uint)count && features[place] == feature)
            {
                DoubleLanes.Add(residuals, value, gradients + (nint)place * lanes, lanes);
                continue;
            }
            marks->Place = count;
            features[count] = feature;
            for (var lane = 0; lane < lanes; lane += 4)
                (Vector256.Load(residuals + lane) * Vector256.Create(value)).Store(gradients + (nint)count * lanes + lane);
            count++;
        }
        Count = count;
    }
}
