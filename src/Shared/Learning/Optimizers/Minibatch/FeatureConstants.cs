using System.Runtime.CompilerServices;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>What an optimiser knows of a feature beforehand.</summary>
/// <param name="Yardstick">max(1, rms) of its column; 1 for the intercepts.</param>
/// <param name="L2">λ₂; 0 for the intercepts.</param>
/// <param name="L1">λ₁; 0 for the intercepts.</param>
readonly record struct FeatureConstant(double Yardstick, double L2, double L1);

/// <summary>
/// The constants of all features: mostly a few that many share, so that each feature holds no more than the number of its own, and the
/// numbers of neighbours are near.
/// </summary>
sealed class FeatureConstants
{
    readonly List<FeatureConstant> _different = [];
    readonly FeatureConstant[] _constants;

    // Numbers of the features' constants: bytes where they suffice.
    readonly byte[] _few = [];
    readonly int[] _many = [];

    public FeatureConstants(MinibatchStart start)
    {
        var numbers = NumbersOf(start);
        _constants = [.. _different];
        if (_constants.Length <= byte.MaxValue + 1) _few = Array.ConvertAll(numbers, number => (byte)number);
        else _many = numbers;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly FeatureConstant Of(int feature) => ref _constants[_few.Length > 0 ? _few[feature] : _many[feature]];

    int[] NumbersOf(MinibatchStart start)
    {
        var (numbers, known) = (new int[start.FeatureCount], new Dictionary<FeatureConstant, int>());
        for (var feature = 0; feature < numbers.Length; feature++)
        {
            var own = ConstantOf(start, feature);
            var isAsBefore = feature > 0 && own == _different[numbers[feature - 1]];
            numbers[feature] = isAsBefore ? numbers[feature - 1] : NumberOf(own, known);
        }
        return numbers;
    }

    int NumberOf(FeatureConstant constant, Dictionary<FeatureConstant, int> known)
    {
        if (known.TryGetValue(constant, out var number)) return number;
        known.Add(constant, _different.Count);
        _different.Add(constant);
        return _different.Count - 1;
    }

    static FeatureConstant ConstantOf(MinibatchStart start, int feature) => feature == start.FeatureCount - 1
        ? new(start.Yardstick[feature], 0, 0)
        : new(start.Yardstick[feature], start.L2[feature], start.L1[feature]);
}
