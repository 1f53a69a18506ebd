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

    /// <summary>The place of a feature of the batch, or of one that now comes into it, with a gradient of 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PlaceOf(int feature)
    {
        ref var marks = ref records.MarksOf(feature);
        if ((uint)marks.Place < (uint)Count && Features[marks.Place] == feature) return marks.Place;
        var place = marks.Place = Count++;
        Features[place] = feature;
        for (var lane = 0; lane < records.LaneCount; lane += 4) Vector256<double>.Zero.Store(Gradients + (nint)place * records.LaneCount + lane);
        return place;
    }
}
