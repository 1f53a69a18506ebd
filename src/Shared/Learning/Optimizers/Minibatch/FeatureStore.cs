using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Formats.State;
using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>
/// All that an optimiser keeps of its features, feature by feature in whole cache lines: among millions, each is one miss away, or two.
/// </summary>
/// <remarks>
/// First those who need numbers reserve them, then the first use lays them out. Numbers by class lie in whole vectors: lanes beyond the
/// last class hold 0, and stay 0, since their gradients are, or are left to numbers of which a feature has one: three classes of
/// weights, their clock, and three sums of squares are one line. The last feature stands for the intercepts.
/// </remarks>
public sealed unsafe class FeatureStore(MinibatchStart start)
{
    internal const int LineNumbers = 8;

    readonly FeatureConstants _constants = new(start);
    readonly List<FeatureNumbers> _states = [];
    int _reserved;
    (int Offset, int Count) _spare;
    int _stride;
    AlignedMemory<double>? _memory;
    double* _first;
    int _laidOutCount;

    public int ClassCount => start.ClassCount;

    /// <summary>K rounded up to whole vectors of four.</summary>
    public int LaneCount => LanesOf(start.ClassCount);

    /// <summary>D + 1.</summary>
    public int FeatureCount => start.FeatureCount;

    /// <summary>Lanes for so many numbers.</summary>
    public static int LanesOf(int count) => (count + Vector256<double>.Count - 1) & -Vector256<double>.Count;

    /// <summary>[lanes]: all bits set up to K, none beyond.</summary>
    internal AlignedMemory<double> LaneMask()
    {
        var mask = new AlignedMemory<double>(LaneCount);
        mask.Span[..ClassCount].Fill(BitConverter.Int64BitsToDouble(-1));
        return mask;
    }

    /// <summary>The four lanes together, in one fixed order.</summary>
    internal static double SumOf(Vector256<double> lanes) => (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);

    /// <summary>Copies the first lanes.</summary>
    /// <param name="target">As many as are wanted, one to four.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void CopyLanes(Vector256<double> lanes, Span<double> target)
    {
        if (target.Length == 4)
        {
            lanes.CopyTo(target);
            return;
        }
        if (target.Length % 2 == 1) target[^1] = target.Length == 3 ? lanes[2] : lanes[0];
        if (target.Length >= 2) lanes.GetLower().CopyTo(target);
    }

    /// <summary>Room for K numbers of each feature, at first 0; before the first use.</summary>
    /// <param name="sharesLanes">Whether their owner leaves lanes beyond K as they are: other numbers may lie there.</param>
    public FeatureNumbers ReserveByClass(bool sharesLanes = false)
    {
        var numbers = Reserve(ClassCount, _reserved, LaneCount);
        if (sharesLanes) _spare = (numbers.Offset + ClassCount, LaneCount - ClassCount);
        return numbers;
    }

    /// <summary>Room for some numbers of each feature, at first 0; before the first use.</summary>
    public FeatureNumbers Reserve(int count)
    {
        if (count > _spare.Count) return Reserve(count, _reserved, LanesOf(count));
        var offset = _spare.Offset;
        _spare = (offset + count, _spare.Count - count);
        return Reserve(count, offset, 0);
    }

    FeatureNumbers Reserve(int count, int offset, int lanes)
    {
        if (_memory is not null) throw new InvalidOperationException("The store is laid out already.");
        var numbers = new FeatureNumbers(this, offset, count);
        _states.Add(numbers);
        _reserved += lanes;
        return numbers;
    }

    /// <summary>What is known of features beforehand, for a loop over some.</summary>
    internal FeatureConstants Constants => _constants;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly FeatureConstant ConstantOf(int feature) => ref _constants.Of(feature);

    /// <summary>Whether a feature is the intercepts.</summary>
    public bool IsIntercept(int feature) => feature == FeatureCount - 1;

    /// <summary>Writes what was reserved, one reservation after the other.</summary>
    public void Save(StateWriter state)
    {
        foreach (var numbers in _states)
        {
            var all = new double[FeatureCount * numbers.Count];
            for (var feature = 0; feature < FeatureCount; feature++) numbers.Of(feature).CopyTo(all.AsSpan(feature * numbers.Count));
            state.Write(all);
        }
    }

    /// <summary>Reads it again.</summary>
    /// <exception cref="InvalidDataException">What is read is not the state of a store with the same reservations.</exception>
    public void Restore(StateReader saved)
    {
        foreach (var numbers in _states)
        {
            var all = saved.ReadDoubles(FeatureCount * numbers.Count);
            for (var feature = 0; feature < FeatureCount; feature++)
                all.AsSpan(feature * numbers.Count, numbers.Count).CopyTo(numbers.Of(feature));
        }
    }

    /// <summary>The numbers of a feature, in whole vectors; as long as the store is alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal double* At(int feature)
    {
        if ((uint)feature >= (uint)_laidOutCount) LayOut(feature);
        return _first + (nint)feature * _stride;
    }

    /// <summary>The numbers of all features, for a loop over some; as long as the store is alive.</summary>
    internal FeatureLines Lines
    {
        get
        {
            if (_laidOutCount == 0) LayOut(0);
            return new FeatureLines(_first, _stride, _laidOutCount);
        }
    }

    /// <summary>On first use; afterwards there is no such feature.</summary>
    void LayOut(int feature)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)feature, (uint)FeatureCount);
        _stride = (_reserved + LineNumbers - 1) / LineNumbers * LineNumbers;
        _memory = new AlignedMemory<double>(checked(FeatureCount * _stride));
        _first = _memory.First;
        _laidOutCount = FeatureCount;
    }
}

/// <summary>Some numbers of each feature of a store.</summary>
public sealed unsafe class FeatureNumbers(FeatureStore store, int offset, int count)
{
    /// <summary>Numbers of each feature.</summary>
    public int Count => count;

    /// <summary>Where among a feature's numbers they begin.</summary>
    internal int Offset => offset;

    public Span<double> Of(int feature) => new(store.At(feature) + offset, count);
}
