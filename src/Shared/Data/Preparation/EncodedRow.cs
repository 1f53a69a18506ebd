using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>One row in held form: scratch that is cleared, filled column by column, and copied to its shard.</summary>
sealed class EncodedRow
{
    const int FirstSparseCapacity = 64;

    readonly float[] _zeros;
    int[] _sparseFeatures = new int[FirstSparseCapacity];
    float[] _sparseValues = new float[FirstSparseCapacity];

    public EncodedRow(FeatureLayout layout)
    {
        _zeros = new float[layout.DenseStride];
        for (var d = 0; d < layout.DenseCount; d++) _zeros[d] = Held(0, layout.Centers[d]);
        Dense = new float[layout.DenseStride];
        Codes = new byte[layout.Coded.Length];
    }

    /// <summary>The dense row, padding included; what is not put is a 0, centred.</summary>
    public float[] Dense { get; }

    /// <summary>A byte for each coded column.</summary>
    public byte[] Codes { get; }

    public int SparseCount { get; private set; }

    /// <summary>Ascending, since columns are encoded in the schema's order.</summary>
    public ReadOnlySpan<int> SparseFeatures => _sparseFeatures.AsSpan(0, SparseCount);

    public ReadOnlySpan<float> SparseValues => _sparseValues.AsSpan(0, SparseCount);

    public void Clear()
    {
        _zeros.CopyTo(Dense, 0);
        Array.Clear(Codes);
        SparseCount = 0;
    }

    /// <summary>Sets the feature of that place to <paramref name="x"/>.</summary>
    public void Put(FeaturePlace place, double x)
    {
        if (place.Storage == FeatureStorage.Dense)
            Dense[place.Index] = Held(x, place.Center);
        else if (place.Storage == FeatureStorage.Sparse)
            PutSparse(place.Index, x);
        else if (x != 0)
            Codes[place.Index] |= place.Code;
    }

    /// <summary>Appends a sparse feature, unless it is 0 as a float; higher ones must follow later.</summary>
    public void PutSparse(int feature, double x)
    {
        var value = (float)x;
        if (value == 0) return;

        if (SparseCount == _sparseFeatures.Length)
        {
            Array.Resize(ref _sparseFeatures, 2 * SparseCount);
            Array.Resize(ref _sparseValues, 2 * SparseCount);
        }
        _sparseFeatures[SparseCount] = feature;
        _sparseValues[SparseCount++] = value;
    }

    /// <summary>The difference in double, rounded once.</summary>
    static float Held(double x, float center) => (float)(x - center);
}
