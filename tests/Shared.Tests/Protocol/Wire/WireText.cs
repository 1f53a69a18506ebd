using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace DistTrain.Shared.Tests.Protocol.Wire;

/// <summary>All that a message says, as text, so that two of them can be compared whatever their members compare.</summary>
static class WireText
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        double number => BitConverter.DoubleToInt64Bits(number).ToString("x", CultureInfo.InvariantCulture),
        IFormattable simple when value.GetType() is { IsPrimitive: true } or { IsEnum: true } =>
            simple.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag.ToString(),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Of))}]",
        _ => $"{value.GetType().Name} {{ {MembersOf(value)} }}",
    };

    static string MembersOf(object value) =>
        string.Join(", ", PropertiesOf(value).Select(property => $"{property.Name} = {Of(property.GetValue(value))}"));

    static ImmutableArray<PropertyInfo> PropertiesOf(object value) =>
    [
        .. value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0 && property.PropertyType != value.GetType()),
    ];
}
