using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The two passes over a shard's sparse columns, for one group of classes.</summary>
/// <remarks>Features in stored order; the nonzeros of a feature in row order. Rows lie in memory as [rows][Width].</remarks>
static unsafe class SparseKernel<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Nonzeros of one feature whose float sum is rounded at once: a long column is cut in such pieces.</summary>
    const int PieceLength = BlockSums.FloatRun;

    /// <summary>
    /// So many nonzeros ahead the columns are asked for. They are read in order, but lie on pages that memory holds far apart, and at the
    /// end of each the processor's own reading ahead stops.
    /// </summary>
    const int FetchDistance = 512;

    /// <summary>For shorter runs it costs more than it saves.</summary>
    const int LongRunMin = 4;

    /// <summary>rows[r] += x · v_f for every nonzero x of feature f in row r.</summary>
    /// <param name="weights">v, [places][Width].</param>
    /// <param name="rows">[rows][Width].</param>
    [MethodImpl(Compilation.Full)]
    public static void AddLogits(SparseColumns columns, SparsePlaces places, float* weights, float* rows)
    {
        fixed (ushort* features = places.InPanel, nonzeroRows = columns.Rows)
        fixed (float* values = columns.Values)
        {
            foreach (var group in columns.Groups)
            {
                var panel = weights + places.StartOf(group.Panel) * TLanes.Width;
                var feature = features + group.FirstFeature;
                var row = nonzeroRows + group.FirstRow;
                if (group.HasValues) AddValued(panel, feature, row, values + group.FirstValue, group, rows);
                else AddOnes(panel, feature, row, group, rows);
            }
        }
    }

    /// <summary>gradient[f] += round(scale_f · Σ x · rows[r]) over the nonzeros x of feature f; long columns in pieces.</summary>
    /// <param name="rows">Residuals, [rows][Width].</param>
    /// <param name="scales">Of each place.</param>
    /// <param name="gradient">The group's first class of place 0.</param>
    /// <param name="gradientStride">Numbers from one place to the next: K − 1.</param>
    [MethodImpl(Compilation.Full)]
    public static void AddGradient(
        SparseColumns columns, SparsePlaces places, float* rows, double* scales, long* gradient, nint gradientStride)
    {
        fixed (ushort* features = places.InPanel, nonzeroRows = columns.Rows)
        fixed (float* values = columns.Values)
        {
            foreach (var group in columns.Groups)
            {
                var first = places.StartOf(group.Panel);
                var feature = features + group.FirstFeature;
                var row = nonzeroRows + group.FirstRow;
                var panel = gradient + first * gradientStride;
                var scale = scales + first;
                var value = values + group.FirstValue;
                if (group.RunLength < LongRunMin)
                {
                    if (group.HasValues) SumValued(rows, feature, row, value, group, scale, panel, gradientStride);
                    else SumOnes(rows, feature, row, group, scale, panel, gradientStride);
                }
                else if (group.HasValues)
                {
                    SumLongValued(rows, feature, row, value, group, scale, panel, gradientStride);
                }
                else
                {
                    SumLongOnes(rows, feature, row, group, scale, panel, gradientStride);
                }
            }
        }
    }

    [MethodImpl(Compilation.Full)]
    static void AddOnes(float* weights, ushort* feature, ushort* row, SparseGroup group, float* rows)
    {
        nint length = group.RunLength;
        for (var end = feature + group.FeatureCount; feature < end; feature++, row += length)
        {
            if (length >= LongRunMin) Fetch(row + FetchDistance);
            var v = TLanes.Load(weights + *feature * TLanes.Width);
            for (nint i = 0; i < length; i++)
            {
                var z = rows + row[i] * TLanes.Width;
                TLanes.Add(TLanes.Load(z), v).Store(z);
            }
        }
    }

    [MethodImpl(Compilation.Full)]
    static void AddValued(float* weights, ushort* feature, ushort* row, float* value, SparseGroup group, float* rows)
    {
        nint length = group.RunLength;
        for (var end = feature + group.FeatureCount; feature < end; feature++, row += length, value += length)
        {
            if (length >= LongRunMin) Fetch(row + FetchDistance, value + FetchDistance);
            var v = TLanes.Load(weights + *feature * TLanes.Width);
            for (nint i = 0; i < length; i++)
            {
                var z = rows + row[i] * TLanes.Width;
                TLanes.MultiplyAdd(v, value[i], TLanes.Load(z)).Store(z);
            }
        }
    }

    [MethodImpl(Compilation.Full)]
    static void SumOnes(
        float* rows, ushort* feature, ushort* row, SparseGroup group, double* scales, long* gradient, nint gradientStride)
    {
        nint length = group.RunLength;
        for (var end = feature + group.FeatureCount; feature < end; feature++, row += length)
        {
            var sum = TLanes.Load(rows + row[0] * TLanes.Width);
            for (nint i = 1; i < length; i++) sum = TLanes.Add(sum, TLanes.Load(rows + row[i] * TLanes.Width));
            sum.AddRounded(scales[*feature], gradient + *feature * gradientStride);
        }
    }

    [MethodImpl(Compilation.Full)]
    static void SumValued(
        float* rows, ushort* feature, ushort* row, float* value, SparseGroup group, double* scales, long* gradient, nint gradientStride)
    {
        nint length = group.RunLength;
        for (var end = feature + group.FeatureCount; feature < end; feature++, row += length, value += length)
        {
            TLanes sum = default;
            for (nint i = 0; i < length; i++)
                sum = TLanes.MultiplyAdd(TLanes.Load(rows + row[i] * TLanes.Width), value[i], sum);
            sum.AddRounded(scales[*feature], gradient + *feature * gradientStride);
        }
    }

    /// <summary>For runs from <see cref="LongRunMin"/> on, in pieces, each in partial sums.</summary>
    [MethodImpl(Compilation.Full)]
    static void SumLongOnes(
        float* rows, ushort* feature, ushort* row, SparseGroup group, double* scales, long* gradient, nint gradientStride)
    {
        nint length = group.RunLength;
        for (var end = feature + group.FeatureCount; feature < end; feature++, row += length)
        {
            Fetch(row + FetchDistance);
            for (nint start = 0; start < length; start += PieceLength)
            {
                var pieceEnd = Math.Min(start + PieceLength, length);
                var quads = (pieceEnd - start) & ~3;
                var sum = TLanes.SumOfQuads(rows, row + start, quads);
                for (var i = start + quads; i < pieceEnd; i++)
                    sum = TLanes.Add(sum, TLanes.Load(rows + row[i] * TLanes.Width));
                sum.AddRounded(scales[*feature], gradient + *feature * gradientStride);
            }
        }
    }

    /// <inheritdoc cref="SumLongOnes"/>
    [MethodImpl(Compilation.Full)]
    static void SumLongValued(
        float* rows, ushort* feature, ushort* row, float* value, SparseGroup group, double* scales, long* gradient, nint gradientStride)
    {
        nint length = group.RunLength;
        for (var end = feature + group.FeatureCount; feature < end; feature++, row += length, value += length)
        {
            Fetch(row + FetchDistance);
            Fetch(value + FetchDistance);
            for (nint start = 0; start < length; start += PieceLength)
            {
                var pieceEnd = Math.Min(start + PieceLength, length);
                var quads = (pieceEnd - start) & ~3;
                var sum = TLanes.SumOfQuads(rows, row + start, value + start, quads);
                for (var i = start + quads; i < pieceEnd; i++)
                    sum = TLanes.MultiplyAdd(TLanes.Load(rows + row[i] * TLanes.Width), value[i], sum);
                sum.AddRounded(scales[*feature], gradient + *feature * gradientStride);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fetch(void* place)
    {
        if (Sse.IsSupported) Sse.Prefetch0(place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fetch(void* place, void* other)
    {
        Fetch(place);
        Fetch(other);
    }
}
