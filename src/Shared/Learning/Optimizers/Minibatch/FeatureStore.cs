using System.Runtime.Intrinsics.X86;
using DistTrain.Formats.State;
using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>
/// All that an optimiser keeps of its features, feature by feature in whole cache lines: among millions, each is one or two misses away.
/// </summary>
/// <remarks>
/// First those who need numbers reserve them, then the first use lays them out. A feature's numbers are what is known of it (yardstick, λ₂,
/// λ₁), weights, and the state of the links. The last feature stands for the intercepts.
/// </remarks>
public sealed unsafe class FeatureStore
{
    const int LineNumbers = 8;
    const int ConstantCount = 3;

    readonly MinibatchStart _start;
    readonly List<FeatureNumbers> _states = [];
    int _reserved = ConstantCount;
    int _stride;
    AlignedMemory<double>? _memory;

    public FeatureStore(MinibatchStart start) => _start = start;

    public int ClassCount => _start.ClassCount;

    /// <summary>D + 1.</summary>
    public int FeatureCount => _start.FeatureCount;

    /// <summary>Room for <paramref name="count"/> numbers of each feature, at first 0; before the first use.</summary>
    public FeatureNumbers Reserve(int count)
    {
        if (_memory is not null) throw new InvalidOperationException("The store is laid out already.");
        var numbers = new FeatureNumbers(this, _reserved, count);
        _states.Add(numbers);
        _reserved += count;
        return numbers;
    }

    public double YardstickOf(int feature) => At(feature)[0];

    /// <summary>λ₂; 0 for the intercepts.</summary>
    public double L2Of(int feature) => At(feature)[1];

    /// <summary>λ₁; 0 for the intercepts.</summary>
    public double L1Of(int feature) => At(feature)[2];

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

    /// <summary>The numbers of a feature from <paramref name="offset"/> on.</summary>
    internal Span<double> At(int feature, int offset, int count) => new(At(feature) + offset, count);

    double* At(int feature)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)feature, (uint)FeatureCount);
        return (_memory ??= LaidOut()).First + (nint)feature * _stride;
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
            constants[1] = _start.L2[feature];
            constants[2] = _start.L1[feature];
        }
        return memory;
    }
}

/// <summary>Some numbers of each feature of a store.</summary>
public sealed class FeatureNumbers(FeatureStore store, int offset, int count)
{
    /// <summary>Numbers of each feature.</summary>
    public int Count => count;

    public Span<double> Of(int feature) => store.At(feature, offset, count);
}
