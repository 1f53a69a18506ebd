using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Learning;
using DistTrain.Training;

namespace DistTrain.Formats;

/// <summary>All that predicts: the numbers for features as the user's files have them, and the words that belong to them.</summary>
/// <remarks>Inactive classes have weights 0 and intercept −∞, so that a plain softmax gives them probability 0 exactly.</remarks>
public sealed record SavedModel
{
    public required FeatureSchema Schema { get; init; }

    public required ClassList Classes { get; init; }

    /// <summary>W of all classes [K, D], class by class, features in the schema's order and not centred.</summary>
    public required double[] Weights { get; init; }

    /// <summary>b of all classes [K].</summary>
    public required double[] Intercepts { get; init; }

    /// <summary>For each class, Σ wᵢ of its training rows; 0 where it is not active.</summary>
    public required ImmutableArray<double> TrainingClassWeights { get; init; }

    /// <summary>For each class the factor c of its rows' weights in training, above 0; empty: all 1.</summary>
    public ImmutableArray<double> ClassWeights { get; init; } = [];

    /// <summary>T of softmax(z / T), from 0.01 to 100; null where the model was not calibrated: 1.</summary>
    public double? Temperature { get; init; }

    public required ModelInput Input { get; init; }

    public required ModelOrigin Origin { get; init; }

    /// <summary>What natural probabilities are computed with: the class weights of the active classes.</summary>
    public Targets Targets => new(0, ClassWeights.IsEmpty ? [] : [.. Classes.Active.Select(k => ClassWeights[k])]);

    /// <summary>Name of the numbers.</summary>
    public string ParametersSha256 => ParametersHash.Of(Weights, Intercepts);

    /// <summary>By what logits are multiplied before they become probabilities.</summary>
    public double InverseTemperature => 1 / (Temperature ?? 1);

    /// <summary>The class that always answering would be right about most often in training; the first of equals.</summary>
    public int MajorityClass => TrainingClassWeights.IndexOf(TrainingClassWeights.Max());
}

/// <summary>How the training input was read: the defaults for reading more of it.</summary>
/// <param name="Label">Label column; null for LIBSVM.</param>
/// <param name="Weight">Weight column, where there was one.</param>
/// <param name="Format">As typed; null where it was detected, since another file may be detected otherwise.</param>
/// <param name="Delimiter">As typed, or null.</param>
/// <param name="Encoding">As typed, or null.</param>
public sealed record ModelInput(string? Label, string? Weight, string? Format, string? Delimiter, string? Encoding);

/// <summary>What a model came from.</summary>
/// <param name="ProductVersion">The version that trained it.</param>
/// <param name="DatasetFingerprint">Hash of everything that the arithmetic saw.</param>
/// <param name="Synthetic">The sample's name where it was trained on one, else null.</param>
public sealed record ModelOrigin(
    string ProductVersion, OptimizerKind Optimizer, double L2, ulong Seed, string DatasetFingerprint, string? Synthetic)
{
    public double L1 { get; init; }

    /// <summary>Whether the penalties acted on the coefficients of scaled columns.</summary>
    public bool IsStandardized { get; init; }

    /// <summary>Whether features had factors of the penalties.</summary>
    public bool HasPenaltyFactors { get; init; }
}
