using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace DistTrain.Compare.MlNet;

/// <summary>Weights [K, D] and intercepts [K] as float64 safetensors, the format of DistTrain's models.</summary>
static class ModelFile
{
    public static void Write(string path, float[][] weights, float[] intercepts)
    {
        var (classCount, featureCount) = (weights.Length, weights[0].Length);
        var (weightBytes, allBytes) = (8L * classCount * featureCount, 8L * classCount * (featureCount + 1));
        var head = Encoding.UTF8.GetBytes(
            $"{{\"weights\":{Tensor($"{classCount},{featureCount}", 0, weightBytes)}," +
            $"\"intercepts\":{Tensor($"{classCount}", weightBytes, allBytes)}}}");

        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, head.Length);
        file.Write(length);
        file.Write(head);
        foreach (var row in weights) Write(file, row);
        Write(file, intercepts);
    }

    static string Tensor(string shape, long start, long end) =>
        $"{{\"dtype\":\"F64\",\"shape\":[{shape}],\"data_offsets\":[{start},{end}]}}";

    static void Write(FileStream file, float[] values) =>
        file.Write(MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (double)value).AsSpan()));
}
