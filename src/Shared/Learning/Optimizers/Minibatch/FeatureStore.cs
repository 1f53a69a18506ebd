using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DistTrain.Formats.State;
using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>
/// All that an optimiser keeps of its features, feature by feature in whole cache lines: among millions, each is one or two misses away.
/// </summary>
/// <remarks>
/// First those who need numbers reserve them, then the first use lays them out. A feature's numbers are what is known of it (yardstick, λ₂,
/// λ₁), weights, and the state of the links. Numbers by class lie in whole vectors: lanes beyond the last class hold 0, and stay 0, since
/// their gradients are. The last feature stands for the intercepts.
/// </remarks>
public sealed unsafe class FeatureStore
{
    const int LineNumbers = 8;
    const int ConstantCount = 3;

    /// <summary>Where among a feature's numbers its λ₂ is.</summary>
    internal const int L2Offset = 1;

    /// <summary>Where its λ₁ is.</summary>
    internal const int L1Offset = 2;

    readonly MinibatchStart _start;
    readonly List<FeatureNumbers> _states = [];
    int _reserved = ConstantCount + 1; // One more, to be reserved by itself, fills the vector.
    bool _isSpareTaken;
    int _stride;
    AlignedMemory<double>? _memory;
    double* _first;
    int _laidOutCount;

    public FeatureStore(MinibatchStart start) => _start = start;

    public int ClassCount => _start.ClassCount;

    /// <summary>K rounded up to whole vectors of four.</summary>
    public int LaneCount => LanesOf(_start.ClassCount);

    /// <summary>D + 1.</summary>
    public int FeatureCount => _start.FeatureCount;

    /// <summary>Lanes for so many numbers.</summary>
    public static int LanesOf(int count) => (count + Vector256<double>.Count - 1) & -Vector256<double>.Count;

    /// <summary>Room for K numbers of each feature, at first 0; before the first use.</summary>
    /// <param name="isDerived">They follow from other numbers, and are not saved.</param>
    public FeatureNumbers ReserveByClass(bool isDerived = false) => Reserve(ClassCount, _reserved, LaneCount, isDerived);

    /// <summary>Room for up to four numbers of each feature, at first 0; before the first use.</summary>
    public FeatureNumbers Reserve(int count)
    {
        if (count > 1 || _isSpareTaken) return Reserve(count, _reserved, LanesOf(count), isDerived: false);
        _isSpareTaken = true;
        return Reserve(count, ConstantCount, 0, isDerived: false);
    }

    FeatureNumbers Reserve(int count, int offset, int lanes, bool isDerived)
    {
        if (_memory is not null) throw new InvalidOperationException("The store is laid out already.");
        var numbers = new FeatureNumbers(this, offset, count);
        if (!isDerived) _states.Add(numbers);
        _reserved += lanes;
        return numbers;
    }

    public double YardstickOf(int feature) => At(feature)[0];

    /// <summary>λ₂; 0 for the intercepts.</summary>
    public double L2Of(int feature) => At(feature)[L2Offset];

    /// <summary>λ₁; 0 for the intercepts.</summary>
    public double L1Of(int feature) => At(feature)[L1Offset];

    /// <summary>Whether a feature is the intercepts.</summary>
    public bool IsIntercept(int feature) => feature == FeatureCount - 1;

    /// <summary>Asks for the memory of features that are soon to be read. Saves time only.</summary>
    public void Fetch(ReadOnlySpan<int> features)
    {
        if (!Sse.IsSupported) return;
        foreach (var feature in features)
        {
            var first = At(feature);
            for (var line = 0; line < _stride; line += LineNumbers) Sse.Prefetch0(first + line);
        }
    }

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

    /// <summary>Reads it again, all but what is derived.</summary>
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

    /// <summary>On first use; afterwards there is no such feature.</summary>
    void LayOut(int feature)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)feature, (uint)FeatureCount);
        _memory = LaidOut();
        _first = _memory.First;
        _laidOutCount = FeatureCount;
    }

    AlignedMemory<double> LaidOut()
    {
        _stride = (_reserved + LineNumbers - 1) / LineNumbers * LineNumbers;
        var memory = new AlignedMemory<double>(checked(FeatureCount * _stride));
        for (var feature = 0; feature < FeatureCount; feature++)
        {
            var constants = memory.Span.Slice(feature * _stride, ConstantCount);
            constants[0] = _start.Yardstick[feature];
            if (IsIntercept(feature)) continue;
            constants[L2Offset] = _start.L2[feature];
            constants[L1Offset] = _start.L1[feature];
        }
        return memory;
    }
}

/// <summary>Some numbers of each feature of a store.</summary>
public sealed unsafe class FeatureNumbers(FeatureStore store, int offset, int count)
{
    /// <summary>Numbers of each feature.</summary>
    public int Count => count;

    /// <summary>Where among a feature's numbers they begin.</summary>
    internal int Offset => offset;

    public Span<double> Of(int feature) => new(At(feature), count);

    /// <summary>The first of a feature's numbers, which lie in whole vectors; as long as the store is alive.</summary>
    internal double* At(int feature) => store.At(feature) + offset;
}
