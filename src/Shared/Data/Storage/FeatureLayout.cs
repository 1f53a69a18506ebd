using System.Collections.Immutable;

namespace DistTrain.Data.Storage;

/// <summary>
/// Where each feature of a dataset is held. Features are numbered anew, "as held": first the dense columns, then the features of the
/// coded columns, then the sparse ones. Kernels, statistics and optimisers use held numbers; files and reports use the schema's.
/// </summary>
/// <param name="DenseCount">Features held as float columns: held numbers 0 … DenseCount − 1.</param>
/// <param name="Coded">Byte-coded columns; their features follow the dense ones without gaps.</param>
/// <param name="SparseCount">Features held by columns of nonzeros: the last held numbers.</param>
/// <param name="SchemaFeatures">For each held feature, its number in the schema's order: a permutation of 0 … D − 1.</param>
/// <param name="Centers">For each held feature, the float subtracted from it before it is held; 0 unless dense.</param>
public sealed record FeatureLayout(
    int DenseCount,
    ImmutableArray<CodedColumnLayout> Coded,
    int SparseCount,
    ImmutableArray<int> SchemaFeatures,
    ImmutableArray<float> Centers)
{
    /// <summary>D, the number of features, intercept not counted.</summary>
    public int FeatureCount => SchemaFeatures.Length;

    /// <summary>Held number of the first sparse feature.</summary>
    public int SparseFirst => FeatureCount - SparseCount;

    /// <summary>How training rows hold dense columns; <see cref="DenseFormat.Full"/> where there are none.</summary>
    public DenseFormat TrainingFormat { get; init; }

    /// <summary>Numbers from one dense row to the next: DenseCount rounded up to whole vectors of eight.</summary>
    public int DenseStride => (DenseCount + 7) / 8 * 8;

    /// <summary>How rows of a part hold dense columns. What is held out is never rounded: metrics are of the rows as given.</summary>
    public DenseFormat FormatOf(DatasetPart part) => part == DatasetPart.Training ? TrainingFormat : DenseFormat.Full;
}

/// <summary>How a byte of a coded column names features.</summary>
public enum CodeKind
{
    /// <summary>Code 0 names none; code c ≥ 1 names feature FirstFeature + c − 1, with value 1.</summary>
    Level,

    /// <summary>Bit j of the code names feature FirstFeature + j, with value 1.</summary>
    Bits,
}

/// <summary>One byte per row that stands for up to 255 levels of a category, or for eight columns of zeros and ones.</summary>
/// <param name="FirstFeature">Held number of its first feature.</param>
/// <param name="FeatureCount">1 … 255 for levels, 1 … 8 for bits.</param>
public sealed record CodedColumnLayout(CodeKind Kind, int FirstFeature, int FeatureCount)
{
    /// <summary>Codes 0 … CodeCount − 1 can occur.</summary>
    public int CodeCount => Kind == CodeKind.Level ? FeatureCount + 1 : 1 << FeatureCount;
}
